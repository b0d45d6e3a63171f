/** The trust root that the guard's single files hold: without what is of no use to them. */

/** PEP 740 was first drafted on this day: no file's attestation is older. */
const FIRST_ATTESTATIONS = "2024-01-08";
const LISTS = ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"] as const;

interface Entry {
  readonly validFor?: { readonly end?: string };
  readonly publicKey?: { readonly validFor?: { readonly end?: string } };
}

type Root = Readonly<Record<(typeof LISTS)[number], readonly Entry[]>>;

/**
 * A trust root without logs and authorities that had ended before there were attestations of
 * Python packages, and without white space. Everything that is left is as it was.
 */
export function slimTrustRoot(json: string): string {
  const root = JSON.parse(json) as Root;
  const kept = LISTS.map((list) => [list, root[list].filter(isOfUse)] as const);
  return JSON.stringify({ ...root, ...Object.fromEntries(kept) });
}

function isOfUse({ validFor, publicKey }: Entry): boolean {
  const end = (validFor ?? publicKey?.validFor)?.end;
  return end === undefined || end >= FIRST_ATTESTATIONS;
}
