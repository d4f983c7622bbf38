import { checkCells } from "./check-cells.js";

checkCells("neighbour-cells.json");
