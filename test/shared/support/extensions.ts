/** Changes of what certificates say, as functions for the test kit. */
import {
  type CertificateFields,
  type Extension,
  extension,
  identityOf,
  type Identity,
  OID,
  type Publisher,
} from "@pubpin/test-kit";

type FieldsChange = (fields: CertificateFields) => CertificateFields;

/** Puts another extension in the place of the one with this OID, which must be there. */
export function replaceExtension(oid: string, by: (usual: Extension) => Extension): FieldsChange {
  return (fields) => {
    if (!fields.extensions.some((each) => each.oid === oid)) throw new Error(`no extension ${oid}`);
    return {
      ...fields,
      extensions: fields.extensions.map((each) => (each.oid === oid ? by(each) : each)),
    };
  };
}

/** Leaves the extension with this OID out; it must be there. */
export function withoutExtension(oid: string): FieldsChange {
  return (fields) => {
    const extensions = fields.extensions.filter((each) => each.oid !== oid);
    if (extensions.length === fields.extensions.length) throw new Error(`no extension ${oid}`);
    return { ...fields, extensions };
  };
}

/** Adds an extension at the end. */
export function withExtension(id: string, value: Uint8Array, critical = false): FieldsChange {
  const added = extension(id, new Uint8Array(value), critical);
  return (fields) => ({ ...fields, extensions: [...fields.extensions, added] });
}

/** The OID of one of Fulcio's claims. */
export function claimOid(arc: number): string {
  return `${OID.fulcio}.${arc}`;
}

/** A publisher's identity with some claims replaced; `undefined` leaves a claim out. */
export function withClaims(
  publisher: Publisher,
  changes: Readonly<Record<number, string | undefined>>,
): Identity {
  const { subject, claims } = identityOf(publisher);
  const merged = Object.entries({ ...claims, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { subject, claims: Object.fromEntries(merged) };
}
