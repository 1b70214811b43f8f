// Event logs of production as files hold them: tables of any delimiter, and XES.

export { columnsIn, eventLogOf, type ChosenColumns } from "./read-log.ts";
