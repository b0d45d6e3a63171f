import { describeRoutes } from "./all.ts";

describeRoutes({ pyodide: "pyodide", micropip: "0.11.1" });
