import { testExamples } from "./run-examples.js";

testExamples(5_000_000, 120_000);
