export { createTieredHistory, type ThinningReport, type TieredHistory } from "./tiered-history.ts";
