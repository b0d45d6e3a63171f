/** What is left where the command, or uv, is killed in the middle. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, expect, test, vi } from "vitest";
import { type Place, projectText, speaking, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 300_000 });

const setting = await startUvSetting();
const { add } = setting;
add(speaking("foo", "foo"));
add(speaking("bar", "bar"));

beforeEach((context) => {
  if (setting.missing !== null) context.skip(setting.missing);
});

const FILES = ["pyproject.toml", "uv.lock", ".provenance.txt"] as const;
/** Runs long enough to be killed. */
const SLEEPING = ["uv", "run", "python", "-c", "import time; time.sleep(20)"];
const ROUNDS = 12;
/** Milliseconds in which the command is done. */
const LONGEST = 2500;

async function locked(): Promise<Place> {
  const place = setting.place();
  place.write("pyproject.toml", projectText("app", ["foo"]));
  await place.pubpin(["uv", "sync", "--tofu"]);
  return place;
}

test("every file is the old one or the new one, whole, whenever the command is killed", async () => {
  const finished = await locked();
  const before = FILES.map(finished.read);
  expect((await finished.pubpin(["uv", "add", "--tofu", "bar"])).exitCode).toBe(0);
  const after = FILES.map(finished.read);

  for (let round = 0; round < ROUNDS; round++) {
    const place = await locked();
    expect(FILES.map(place.read)).toEqual(before);
    const { child, ended } = place.start(["uv", "add", "--tofu", "bar"]);
    await delay(Math.random() * LONGEST);
    child.kill("SIGKILL");
    await ended;
    await delay(300);
    for (const [position, file] of FILES.entries()) {
      expect([before[position], after[position]]).toContain(place.read(file));
    }
    expect((await place.pubpin(["uv", "add", "--tofu", "bar"])).exitCode).toBe(0);
    expect(FILES.map(place.read)).toEqual(after);
  }
});

test("a killed uv leaves every file as it was, and its exit code is told", async () => {
  const place = await locked();
  const before = FILES.map(place.read);
  const { child } = place.start(SLEEPING);
  const exit = once(child, "exit");
  const uv = await programBelow(child.pid ?? 0, "uv");
  process.kill(uv, "SIGKILL");
  expect((await exit)[0]).toBe(128 + 9);
  expect(FILES.map(place.read)).toEqual(before);
});

test("no server is left where the command is killed", async () => {
  const place = await locked();
  const { child } = place.start(SLEEPING);
  const exit = once(child, "exit");
  const uv = await programBelow(child.pid ?? 0, "uv");
  const parameters = argumentsOf(uv);
  const url = parameters[parameters.indexOf("--default-index") + 1] ?? "";
  expect(await answers(url)).toBe(true);
  child.kill("SIGKILL");
  process.kill(uv, "SIGKILL");
  await exit;
  expect(await answers(url)).toBe(false);
});

/** The last program of this name below a process, once it runs the program that it was given. */
async function programBelow(pid: number, name: string): Promise<number> {
  for (;;) {
    const list = execFileSync("ps", ["-eo", "pid=,ppid=,comm=,args="], { encoding: "utf8" });
    const rows = [...list.matchAll(/^ *(?<pid>\d+) +(?<parent>\d+) +(?<name>\S+) +(?<args>.*)$/gm)];
    const found = rows.find(
      ({ groups }) =>
        Number(groups?.["parent"]) === pid &&
        groups?.["name"] === name &&
        (groups["args"] ?? "").includes("--no-sync"),
    );
    const child = found?.groups?.["pid"];
    if (child !== undefined && rows.some(({ groups }) => groups?.["parent"] === child)) {
      return Number(child);
    }
    await delay(50);
  }
}

function argumentsOf(pid: number): readonly string[] {
  const list = execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  return list.trim().split(" ");
}

async function answers(url: string): Promise<unknown> {
  return new Promise((resolve) => {
    const asked = request(url, (response) => {
      response.resume();
      resolve(true);
    });
    asked.on("error", () => {
      resolve(false);
    });
    asked.end();
  });
}
