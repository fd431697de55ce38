package dev.pulso.local.server.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/** Names, companies and talk, made up from lists. */
final class People {
  private static final List<String> FIRST =
      List.of(
          "Alejandra",
          "Andrés",
          "Beatriz",
          "Camila",
          "Carlos",
          "Catalina",
          "Diego",
          "Elena",
          "Esteban",
          "Fernanda",
          "Francisco",
          "Gabriela",
          "Héctor",
          "Ignacio",
          "Javiera",
          "Joaquín",
          "Lucía",
          "Manuel",
          "Mariana",
          "Martín",
          "Natalia",
          "Nicolás",
          "Paula",
          "Ramón",
          "Rocío",
          "Sebastián",
          "Sofía",
          "Tomás",
          "Valentina",
          "Ximena");
  private static final List<String> LAST =
      List.of(
          "Aguilar",
          "Araya",
          "Bravo",
          "Cáceres",
          "Campos",
          "Castro",
          "Díaz",
          "Espinoza",
          "Flores",
          "Fuentes",
          "García",
          "Gutiérrez",
          "Herrera",
          "Ibáñez",
          "Jiménez",
          "León",
          "Mamani",
          "Méndez",
          "Morales",
          "Muñoz",
          "Núñez",
          "Ortiz",
          "Peña",
          "Quispe",
          "Ramírez",
          "Reyes",
          "Rojas",
          "Salazar",
          "Soto",
          "Torres",
          "Vega",
          "Zúñiga");
  private static final List<String> COMPANIES =
      List.of("Telco Norte", "Banco del Valle", "Luz y Agua Sur", "Clínica Andes", "Tienda Plaza");
  private static final List<String> TALKS =
      List.of(
          "Agente: Buenos días, le llamo por su deuda pendiente. Cliente: Sí, lo sé, puedo pagar el"
              + " viernes. Agente: Perfecto, dejo registrado el compromiso. Gracias.",
          "Agente: Buenas tardes, ¿hablo con el titular de la línea? Cliente: Con él. Agente: Le"
              + " recuerdo que su cuota vence mañana. Cliente: La pago hoy mismo por la página.",
          "Agente: Hola, le llamo para confirmar su hora del martes. Cliente: No voy a poder, ¿hay"
              + " otra? Agente: El jueves a las diez. Cliente: Esa me sirve, muchas gracias.",
          "Agente: Buenos días, queremos ofrecerle un plan de pago en seis cuotas. Cliente: Ahora"
              + " estoy manejando, llámeme después de las cinco. Agente: Así lo haremos.",
          "Agente: Le llamo por la encuesta de atención. Cliente: Me atendieron bien, aunque esperé"
              + " mucho. Agente: Gracias por su tiempo, lo anotamos. Cliente: De nada, adiós.");

  private final RandomGenerator random;

  People(RandomGenerator random) {
    this.random = random;
  }

  String name() {
    return one(FIRST) + " " + one(LAST) + " " + one(LAST);
  }

  String company() {
    return one(COMPANIES);
  }

  String talk() {
    return one(TALKS);
  }

  private String one(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
