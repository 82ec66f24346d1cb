package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.cli.output.Json;
import io.tideline.plan.Plan;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunReport;
import java.time.Duration;

/** JSON documents with the sums that readers would otherwise have to make. */
final class Documents {
  private Documents() {}

  static JsonObject plan(Plan plan) {
    JsonObject document = Json.tree(plan).getAsJsonObject();
    document.addProperty("rows", plan.rows());
    document.addProperty("bytes", plan.bytes());
    document.addProperty("estimate", PlanPrinter.estimate(plan).toString());
    return document;
  }

  static JsonObject run(RunReport report, Duration took) {
    JsonObject document = Json.tree(report).getAsJsonObject();
    JsonArray policies = new JsonArray();
    for (PolicyReport policy : report.policies()) {
      JsonObject object = Json.tree(policy).getAsJsonObject();
      object.addProperty("left", policy.left());
      policies.add(object);
    }
    document.add("policies", policies);
    document.addProperty("removed", report.removed());
    document.addProperty("took", took.toString());
    return document;
  }
}
