/** One interpreter in a Node of its own: a job as its parameter, its timing on standard output. */
import { fileStore } from "micropip-guard/node";
import { loadPyodide } from "pyodide";
import { type Job, measure } from "./installs.ts";

const [job = "", folder = ""] = process.argv.slice(2);
const timing = await measure(JSON.parse(job) as Job, {
  loadPyodide: async (options) => loadPyodide(options),
  cpu: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
  store: fileStore(folder),
});
console.log(JSON.stringify(timing));
