import { describeRoutes } from "./all.ts";

describeRoutes({ pyodide: "pyodide-0.29", micropip: "0.11.1" });
