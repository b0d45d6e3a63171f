/**
 * `npm run soak`: everything again and again, at once, killed, and without room, for about as many
 * minutes as `--minutes` says (by default 10). `--only NAME,...` runs some parts, `--runs N` each of
 * them so often. What every part's last run gave is in bench/results/soak.md.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type MachineFacts, machineFacts } from "../bench/machine.ts";
import { table } from "../bench/markdown.ts";
import { soakAtOnce } from "../bench/soak/at-once.ts";
import { soakInstalls } from "../bench/soak/installs.ts";
import { soakKills } from "../bench/soak/kill.ts";
import { soakFullDisk, soakReadOnly } from "../bench/soak/no-room.ts";
import type { Missing, SoakBounds, SoakOutcome, SoakPart } from "../bench/soak/outcome.ts";
import { type Setting, startSetting } from "../bench/soak/setting.ts";
import {
  acceptVictim,
  fixVictim,
  tofuVictim,
  uvAddVictim,
  type VictimMaker,
} from "../bench/soak/victims.ts";
import { REPOSITORY } from "./packages.ts";

/** What is kept of every part's last run. */
interface Results {
  readonly machine: MachineFacts;
  readonly outcomes: Readonly<Record<string, SoakOutcome>>;
}

const INSTALLS = 10_000;
const KILLS = 200;
const MINUTE_MS = 60_000;
const FOLDER = join(REPOSITORY, "bench/results");
const MOST_SHOWN = 20;

const PARTS: Readonly<Record<string, SoakPart>> = {
  "full-disk": { runs: 24, soak: withSetting(soakFullDisk) },
  "read-only": { runs: 5, soak: withSetting(soakReadOnly) },
  "at-once": { runs: 50, soak: withSetting(soakAtOnce) },
  "kill-tofu": { runs: KILLS, soak: killing(tofuVictim) },
  "kill-accept": { runs: KILLS, soak: killing(acceptVictim) },
  "kill-fix": { runs: KILLS, soak: killing(fixVictim) },
  "kill-uv-add": { runs: KILLS, soak: killing(uvAddVictim) },
  installs: { runs: INSTALLS, soak: soakInstalls },
};

function withSetting(
  soak: (setting: Setting, bounds: SoakBounds) => Promise<SoakOutcome | Missing>,
): SoakPart["soak"] {
  return async (bounds) => {
    const setting = await startSetting();
    try {
      return await soak(setting, bounds);
    } finally {
      await setting.close();
    }
  };
}

function killing(make: VictimMaker): SoakPart["soak"] {
  return withSetting(async (setting, bounds) => {
    const made = await make(setting);
    if ("missing" in made) return made;
    const { victim, close } = made;
    try {
      return await soakKills(victim, bounds);
    } finally {
      close();
    }
  });
}

/** Runs parts one after the other; each has its part of the time that is left. */
async function runParts(
  names: readonly string[],
  runs: number | null,
  until: number,
): Promise<Readonly<Record<string, SoakOutcome>>> {
  const outcomes: Record<string, SoakOutcome> = {};
  for (const [index, name] of names.entries()) {
    const part = PARTS[name];
    if (part === undefined) {
      throw new Error(`--only: expected some of ${Object.keys(PARTS).join(",")}, found ${name}`);
    }
    const now = Date.now();
    const share = (until - now) / (names.length - index);
    console.log(`${name}: at most ${Math.round(share / 1000)} s`);
    const outcome = await part.soak({ runs: runs ?? part.runs, until: now + share });
    if ("missing" in outcome) {
      console.log(`  not run: ${outcome.missing}`);
      continue;
    }
    outcomes[name] = outcome;
    console.log(`  ${Math.round((Date.now() - now) / 1000)} s: ${describe(outcome)}`);
  }
  return outcomes;
}

function describe({ runs, faults, losses, seen }: SoakOutcome): string {
  const lost = losses.slice(0, MOST_SHOWN).map((each) => `\n  lost: ${each}`);
  return `${runs} runs, ${faults} faults, ${losses.length} losses; ${seen}${lost.join("")}`;
}

function pageOf({ machine, outcomes }: Results): string {
  const rows = Object.values(outcomes).map(({ what, runs, faults, losses, seen }) => {
    return [what, String(runs), String(faults), String(losses.length), seen];
  });
  return [
    "# Endurance",
    "",
    "`npm run soak`: what each part gave when it was run last. A fault is something that was done to " +
      "it, or, for installs, a refusal that had to come; a loss is a file that was neither the old one " +
      "nor the new one, a lost line, anything left behind, or memory that grows.",
    "",
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...table(["what", "runs", "faults", "losses", "seen"], rows),
    "",
  ].join("\n");
}

/** Puts what was run into what is known of the other parts. */
async function publish(outcomes: Results["outcomes"]): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const path = join(FOLDER, "soak.json");
  const known = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as Partial<Results>;
  const all = { ...known.outcomes, ...outcomes };
  const ordered = Object.fromEntries(
    Object.keys(PARTS).flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
  const results = { machine: machineFacts([]), outcomes: ordered };
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(FOLDER, "soak.md"), pageOf(results));
  console.log(`\n${pageOf(results)}`);
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(PARTS).join(",") },
    runs: { type: "string" },
    minutes: { type: "string", default: "10" },
  },
});
const deadline = Date.now() + Number(values.minutes) * MINUTE_MS;
const runsWanted = values.runs === undefined ? null : Number(values.runs);
const soaked = await runParts(values.only.split(","), runsWanted, deadline);
await publish(soaked);
process.exitCode = Object.values(soaked).some(({ losses }) => losses.length > 0) ? 1 : 0;
