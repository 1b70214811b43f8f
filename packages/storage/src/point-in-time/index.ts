export { cutChangeLog } from "./cut-change-log.ts";
export { cutEvents } from "./cut-events.ts";
export { cutHistory } from "./cut-history.ts";
export { cutJobs } from "./cut-jobs.ts";
