package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema and the parser know the same keys. JSON is YAML, so the YAML parser reads it. */
final class SchemaTest {
  private final Map<?, ?> schema =
      (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(ConfigFile.schema());

  @Test
  void knowsTheKeysOfTheParser() {
    assertThat(keys(schema)).isEqualTo(Keys.TOP);
    assertThat(keys(definition("policy"))).isEqualTo(Keys.POLICY);
    assertThat(keys(definition("payloads"))).isEqualTo(Keys.PAYLOADS);
    assertThat(keys(definition("backfill"))).isEqualTo(Keys.BACKFILL);
    assertThat(keys(definition("copy"))).isEqualTo(Keys.COPY);
    assertThat(keys(definition("backup"))).isEqualTo(Keys.BACKUP);
    assertThat(keys(definition("query"))).isEqualTo(Keys.QUERY);
    assertThat(keys(definition("expect"))).isEqualTo(Keys.EXPECT);
    assertThat(keys(definition("parameter"))).isEqualTo(Keys.PARAMETER);
    assertThat(keys(definition("partitions"))).isEqualTo(Keys.PARTITIONS);
    assertThat(keys(definition("numbers"))).isEqualTo(Keys.PACE);
    assertThat(keys(definition("require"))).isEqualTo(Keys.REQUIRE);
    assertThat(keys(definition("probe"))).isEqualTo(Keys.PROBE);
    assertThat(keys(definition("job"))).isEqualTo(Keys.JOB);
    assertThat(keys(definition("notice"))).isEqualTo(Keys.NOTICE);
    assertThat(keys(definition("suppression"))).isEqualTo(Keys.SUPPRESSION);
    assertThat(keys(definition("time"))).isEqualTo(Keys.TIME);
    assertThat(keys(definition("keep_latest"))).isEqualTo(Keys.KEEP_LATEST);
    assertThat(keys(definition("dependent"))).isEqualTo(Keys.DEPENDENT);
    assertThat(keys(definition("index"))).isEqualTo(Keys.INDEX);
    assertThat(keys(definition("index_of_engine"))).isEqualTo(Keys.INDEX_OF_ENGINE);
    List<?> indexColumns = (List<?>) definition("index_column").get("anyOf");
    assertThat(keys((Map<?, ?>) indexColumns.get(1))).isEqualTo(Keys.INDEX_COLUMN);
    List<?> references = (List<?>) definition("reference").get("anyOf");
    assertThat(keys((Map<?, ?>) references.get(1))).isEqualTo(Keys.REFERENCE);
    List<?> parts = (List<?>) definition("part").get("anyOf");
    assertThat(keys((Map<?, ?>) parts.get(1))).isEqualTo(Keys.PART);
  }

  private Map<?, ?> definition(String name) {
    return (Map<?, ?>) ((Map<?, ?>) schema.get("definitions")).get(name);
  }

  private static List<String> keys(Map<?, ?> object) {
    assertThat(object.get("additionalProperties")).isEqualTo(false);
    return ((Map<?, ?>) object.get("properties")).keySet().stream().map(String::valueOf).toList();
  }
}
