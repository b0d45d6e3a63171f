/** The JSON schema of SARIF 2.1.0, for logs that tests write. */
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import Ajv from "ajv";
import metaSchema from "ajv/lib/refs/json-schema-draft-04.json" with { type: "json" };

const ajv = new Ajv({ schemaId: "id", meta: false, format: "full", allErrors: true });
ajv.addMetaSchema(metaSchema);
const validate = ajv.compile(schema);

/** Everything about a log that breaks the schema; nothing where it is valid. */
export function sarifErrors(log: string): readonly string[] {
  void validate(JSON.parse(log));
  return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message ?? ""}`);
}
