import { describeRoutes } from "./all.ts";

describeRoutes({ pyodide: "pyodide-0.28", micropip: "0.10.1" });
