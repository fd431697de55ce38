# All functions in one image; the command names the handler. bench/image builds it, and says how it is used.
ARG BASE=public.ecr.aws/lambda/java:25
FROM $BASE
COPY opt/ /opt/
COPY lib/ /var/task/lib/
# Options and class path of the functions, and of the training run: the JVM ignores a cache that was recorded
# with others. Apart from the class path they are those of the managed runtime.
RUN printf '%s\n' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxRAMPercentage=80 \
      --enable-native-access=ALL-UNNAMED -cp "$(ls -1 /var/runtime/lib/*.jar /var/task/lib/*.jar | paste -sd :)" \
      > /var/task/jvm.options
COPY cache/ /var/task/
ENTRYPOINT ["/var/lang/bin/java", "-XX:AOTCache=/var/task/pulso.aot", "@/var/task/jvm.options", \
  "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"]
