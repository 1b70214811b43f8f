export { headerOf, readEventLog, type EventLog, type Visit } from "./event-log.ts";
export { lineOfLog, type LogLine, type LogStation } from "./log-line.ts";
export { forecastOfLog, type LogForecast, type LogForecastPoint, periodOf } from "./log-forecast.ts";
export { timesOfLog, type LogTime, type ResourceTime } from "./log-times.ts";
export { rowsOfXes } from "./read-xes.ts";
export { columnsOf, type Column } from "./log-columns.ts";
