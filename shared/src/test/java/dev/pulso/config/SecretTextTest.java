package dev.pulso.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {
  @Test
  void bareStringIsUsed() {
    assertThat(SecretText.connectionString(" mongodb://u:p@db.example/ \n"))
        .isEqualTo("mongodb://u:p@db.example/");
  }

  @Test
  void uriOfObjectIsUsed() {
    assertThat(
            SecretText.connectionString(
                """
                {"engine": "mongo", "tags": {"uri": "not this"}, "uri": "mongodb://u:p@db.example/"}
                """))
        .isEqualTo("mongodb://u:p@db.example/");
  }

  @Test
  void userAndPasswordMayBeSeparate() {
    ConnectionString read =
        new ConnectionString(
            SecretText.connectionString(
                """
                {"uri": "mongodb://a.example,b.example/?replicaSet=rs0&authSource=admin",
                 "username": "pulso+status", "password": "p:/?#[]@ %ñ+\\"", "port": 27017}
                """));
    assertThat(read.getCredential().getUserName()).isEqualTo("pulso+status");
    assertThat(read.getCredential().getPassword()).isEqualTo("p:/?#[]@ %ñ+\"".toCharArray());
    assertThat(read.getCredential().getSource()).isEqualTo("admin");
    assertThat(read.getHosts()).containsExactly("a.example", "b.example");
    assertThat(read.getRequiredReplicaSetName()).isEqualTo("rs0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"uri\": \"mongodb://pl4nted",
        "{\"uri\": \"mongodb://pl4nted\", pl4nted",
        "{}",
        "{\"uri\": 1}",
        "{\"url\": \"mongodb://pl4nted\"}",
        "{\"uri\": \"mongodb://pl4nted\", \"username\": \"pl4nted\"}",
        "{\"uri\": \"mongodb://pl4nted:pl4nted@db\", \"username\": \"p\", \"password\": \"p\"}",
        "{\"uri\": \"pl4nted\", \"username\": \"pl4nted\", \"password\": \"pl4nted\"}",
      })
  void invalidSecretIsNotShown(String secret) {
    assertThatThrownBy(() -> SecretText.connectionString(secret))
        .isInstanceOf(MissingConnectionException.class)
        .hasNoCause()
        .message()
        .doesNotContain("pl4nted");
  }
}
