/** `pubpin hook` on the command line. */
import { Argument, type Command } from "commander";
import { type Runner, RUNNERS } from "pubpin-precommit";
import type { Start } from "./command-line.ts";
import type { HookInstallOptions } from "./commands/hook.ts";

const SHAPE = {
  leading: 1,
  takesPip: false,
  readsSettings: false,
  canPin: false,
  formats: ["text"],
} as const;

/** Adds `hook install` and `hook uninstall`. */
export function addHookCommands(program: Command, start: Start): void {
  const hook = program.command("hook").summary("check each commit's locks with Git's hooks");
  hook
    .command("install")
    .summary("set the hook up where this repository runs its hooks")
    .addArgument(new Argument("[runner]", "found out where none is named").choices(RUNNERS))
    .option("--yes", "write without asking", false)
    .option("--pre-push", "check what is pushed too", false)
    .option("--workflow", "write a workflow of GitHub Actions too", false)
    .option("--merge-driver", "set up the merge driver for .provenance.txt too", false)
    .option("--repository <url>", "what pre-commit or prek install the hook from")
    .option("--revision <commit>", "the commit or tag of that repository")
    .action((runner: Runner | undefined, options: InstallFlags, command: Command) =>
      start(command, SHAPE, async ({ world }, { options: { strict } }) => {
        const { hookInstall } = await import("./commands/hook.ts");
        return hookInstall(world, { ...options, runner, strict });
      }),
    );
  hook
    .command("uninstall")
    .summary("take out again what `hook install` put anywhere")
    .option("--yes", "write without asking", false)
    .action((options: { readonly yes: boolean }, command: Command) =>
      start(command, SHAPE, async ({ world }) => {
        const { hookUninstall } = await import("./commands/hook.ts");
        return hookUninstall(world, options);
      }),
    );
}

type InstallFlags = Omit<HookInstallOptions, "runner" | "strict">;
