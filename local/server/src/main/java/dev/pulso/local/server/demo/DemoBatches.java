package dev.pulso.local.server.demo;

import static dev.pulso.local.server.demo.DemoAccounts.CHILE;
import static dev.pulso.local.server.demo.DemoAccounts.MEXICO;
import static dev.pulso.local.server.demo.DemoAccounts.PERU;

import dev.pulso.local.server.demo.BatchPlan.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The batches that the demo begins with: every state there is, and a few oddities. */
final class DemoBatches {
  private DemoBatches() {}

  static List<BatchPlan> all() {
    return List.of(
        new BatchPlan(
            CHILE,
            "Cobranza vencida 30 días",
            "Cartera A, segundo contacto",
            State.ACTIVE,
            1,
            Duration.ofHours(52),
            Map.of("pending", 2600, "done", 1700, "completed", 1100, "failed", 600)),
        new BatchPlan(
            PERU,
            "Corte de suministro hoy",
            "Aviso urgente antes de las 18:00",
            State.ACTIVE,
            3,
            Duration.ofHours(3),
            Map.of("pending", 700, "done", 110, "completed", 60, "failed", 30)),
        new BatchPlan(
            MEXICO,
            "Renovación de pólizas",
            "Clientes preferentes",
            State.ACTIVE,
            2,
            Duration.ofHours(27),
            Map.of("pending", 1500, "done", 800, "completed", 500, "failed", 180, "suspended", 20)),
        new BatchPlan(
            CHILE,
            "Encuesta de satisfacción",
            "En pausa hasta el lunes",
            State.PAUSED,
            1,
            Duration.ofHours(75),
            Map.of("pending", 1500, "done", 500, "completed", 400, "failed", 100)),
        new BatchPlan(
            PERU,
            "Reactivación de inactivos",
            "En pausa por cambio de guion",
            State.PAUSED,
            2,
            Duration.ofHours(30),
            Map.of("pending", 800, "done", 200, "completed", 150, "failed", 50)),
        new BatchPlan(
            CHILE,
            "Cobranza cierre de mes",
            "Terminada",
            State.COMPLETED,
            2,
            Duration.ofHours(100),
            Map.of("done", 1700, "completed", 1500, "failed", 800)),
        new BatchPlan(
            MEXICO,
            "Confirmación de citas",
            "Terminada ayer",
            State.COMPLETED,
            1,
            Duration.ofHours(29),
            Map.of("done", 900, "completed", 850, "failed", 250)),
        new BatchPlan(
            CHILE,
            "Oferta de verano",
            "Detenida por el cliente",
            State.CANCELLED,
            1,
            Duration.ofHours(48),
            Map.of("cancelled", 1000, "done", 400, "completed", 300, "failed", 100),
            Optional.of("Cliente solicitó detención")),
        new BatchPlan(
            PERU,
            "Bienvenida a clientes nuevos",
            "Recién cargada",
            State.FRESH,
            1,
            Duration.ofMinutes(4),
            Map.of("pending", 1500)),
        new BatchPlan(
            MEXICO,
            "Recordatorio de mañana",
            "Programada para mañana",
            State.ACTIVE,
            1,
            Duration.ofHours(6),
            Map.of("scheduled", 1000)),
        new BatchPlan(
            MEXICO,
            "Cobranza sin saldo",
            "Suspendida por falta de crédito",
            State.ACTIVE,
            1,
            Duration.ofHours(40),
            Map.of("suspended", 500, "done", 150, "completed", 100, "failed", 50)),
        new BatchPlan(
            CHILE,
            "Campaña de invierno",
            "Archivada",
            State.ARCHIVED,
            1,
            Duration.ofDays(95),
            Map.of("done", 9000, "failed", 1240)),
        new BatchPlan(
            PERU,
            "Carga antigua",
            "",
            State.OLD_SHAPE,
            1,
            Duration.ofDays(6),
            Map.of("done", 200, "completed", 250, "failed", 100, "pending", 50)));
  }
}
