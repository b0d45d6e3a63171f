/** What figures depend on besides the code: nothing here names a host, a user or a path. */
import { arch, availableParallelism, cpus, platform } from "node:os";

/** The machine and the programs that figures come from, by name. */
export type MachineFacts = Readonly<Record<string, string>>;

/** Facts about this machine and this Node, and after them the versions of other programs. */
export function machineFacts(programs: readonly MachineFacts[]): MachineFacts {
  const own = {
    CPU: `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} cores`,
    OS: `${platform()} ${arch()}`,
    Node: process.versions.node,
  };
  return Object.fromEntries([own, ...programs].flatMap((facts) => Object.entries(facts)));
}
