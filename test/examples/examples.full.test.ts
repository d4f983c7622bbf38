import { testExamples } from "./run-examples.js";

testExamples(50_000_000, 900_000);
