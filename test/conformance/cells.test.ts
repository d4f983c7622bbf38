import { checkCells } from "./check-cells.js";

checkCells("cells.json", "more-cells.json");
