/** PEP 740: attestations, and provenance documents as an index serves them. */
import { type Bytes, base64 } from "./bytes.ts";
import { type Change, changed } from "./change.ts";
import {
  PUBLISH_PREDICATE,
  SLSA_PREDICATE,
  sha256Of,
  signatureOf,
  statementOf,
} from "./content.ts";
import { type JsonObject, jsonBytes } from "./json.ts";
import type { Leaf } from "./leaf.ts";
import {
  type Identity,
  type Publisher,
  identityOf,
  isPublisher,
  publisherJson,
} from "./publishers.ts";
import type { SignChanges, SignOptions, SignedBundle } from "./sign.ts";

/** A distribution: its file name, and its bytes or their SHA-256 in lower-case hexadecimal. */
export type DistributionFile = { readonly filename: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly sha256: string }
);

/** What an attestation asserts: that the publisher published, or how it was built. */
export type PredicateKind = "publish" | "slsa";

/** Everything that can be changed while an attestation is made. */
export interface AttestChanges extends SignChanges {
  /** The finished attestation. */
  readonly attestation?: Change<JsonObject> | undefined;
}

/** How a file is attested. */
export interface AttestOptions extends Omit<
  SignOptions,
  "change" | "statement" | "payload" | "message" | "leaf" | "identity" | "key"
> {
  /** By default `publish`. */
  readonly predicate?: PredicateKind | undefined;
  readonly change?: AttestChanges | undefined;
}

/** An attestation, and the bundle that holds the same. */
export interface Attested {
  readonly attestation: JsonObject;
  readonly bytes: Bytes;
  readonly signed: SignedBundle;
}

/** The attestations of one publisher. */
export interface ProvenanceBundle {
  readonly publisher: Publisher;
  /** The certificate that signs, or whom to issue one for; by default the publisher. */
  readonly signer?: Leaf | Publisher | Identity | undefined;
  /** One attestation for each; by default a single `publish`. */
  readonly attestations?: readonly AttestOptions[] | undefined;
}

/** How a provenance document is made. */
export interface ProvenanceOptions {
  /** By default none: give at least one, or have a document without attestations. */
  readonly bundles: readonly ProvenanceBundle[];
  readonly change?:
    | {
        /** The finished document, before it is serialised. */
        readonly document?: Change<JsonObject> | undefined;
        /** The finished document's bytes. */
        readonly bytes?: Change<Bytes> | undefined;
      }
    | undefined;
}

type Sign = (options: SignOptions) => Promise<SignedBundle>;

function isLeaf(who: Publisher | Identity | Leaf): who is Leaf {
  return "certificate" in who;
}

/** The claims of a signer, for the predicate to repeat. */
function identityFor(who: Publisher | Identity | Leaf): Identity {
  if (isLeaf(who)) return who.identity;
  return isPublisher(who) ? identityOf(who) : who;
}

/** A SLSA provenance predicate as PyPI's GitHub publishers make it, from the signer's claims. */
export function slsaPredicate({ subject, claims }: Identity): JsonObject {
  const ref = claims[14] ?? "";
  const repository = claims[12] ?? "";
  return {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: { ref, repository, path: workflowPath(claims[18] ?? "", repository) },
      },
      internalParameters: {
        github: {
          event_name: claims[20] ?? "",
          repository_id: claims[15] ?? "",
          repository_owner_id: claims[17] ?? "",
          runner_environment: claims[11] ?? "",
        },
      },
      resolvedDependencies: [
        { uri: `git+${repository}@${ref}`, digest: { gitCommit: claims[13] ?? "" } },
      ],
    },
    runDetails: {
      builder: { id: subject.value },
      metadata: { invocationId: claims[21] ?? "" },
    },
  };
}

function workflowPath(uri: string, repository: string): string {
  return uri.slice(repository.length + 1).split("@")[0] ?? "";
}

/** Attests a file by signing a statement about it; see VirtualSigstore. */
export async function attest(
  sign: Sign,
  file: DistributionFile,
  who: Publisher | Identity | Leaf,
  options: AttestOptions = {},
): Promise<Attested> {
  const { predicate = "publish", change: { attestation: last, ...change } = {}, ...rest } = options;
  const subjects = [{ name: file.filename, sha256: await sha256Of(file) }];
  const statement =
    predicate === "publish"
      ? statementOf(subjects, PUBLISH_PREDICATE)
      : statementOf(subjects, SLSA_PREDICATE, slsaPredicate(identityFor(who)));
  const signer = isLeaf(who) ? { leaf: who } : { identity: who };
  const signed = await sign({ ...rest, ...signer, statement, change });
  const attestation = await changed(last, attestationJson(signed));
  return { attestation, bytes: jsonBytes(attestation), signed };
}

/** The attestation that says what a bundle says (PEP 740). */
export function attestationJson({ signed, leaf, entries }: SignedBundle): JsonObject {
  if (signed.kind !== "dsse" || leaf === null) {
    throw new Error("an attestation needs a DSSE envelope and a certificate");
  }
  return {
    version: 1,
    verification_material: {
      certificate: base64(leaf.certificate),
      transparency_entries: [...entries],
    },
    envelope: {
      statement: base64(signed.envelope.payload),
      signature: base64(signatureOf(signed)),
    },
  };
}

/** A provenance document for a file; see VirtualSigstore. */
export async function provenance(
  sign: Sign,
  file: DistributionFile,
  options: ProvenanceOptions,
): Promise<{ document: JsonObject; bytes: Bytes }> {
  const bundles = await Promise.all(
    options.bundles.map(async ({ publisher, signer = publisher, attestations = [{}] }) => {
      const made = await Promise.all(attestations.map((each) => attest(sign, file, signer, each)));
      return {
        publisher: publisherJson(publisher),
        attestations: made.map(({ attestation }) => attestation),
      };
    }),
  );
  const change = options.change ?? {};
  const document = await changed(change.document, provenanceJson(bundles));
  return { document, bytes: await changed(change.bytes, jsonBytes(document)) };
}

/** A provenance document of finished attestations. */
export function provenanceJson(
  bundles: readonly { publisher: JsonObject; attestations: JsonObject[] }[],
): JsonObject {
  return { version: 1, attestation_bundles: bundles.map((bundle) => ({ ...bundle })) };
}
