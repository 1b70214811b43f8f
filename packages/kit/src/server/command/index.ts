// What subcommands share: options and arguments, and texts of unknown origin as a terminal may show them.

export { countOf, jsonOption, offsetOf, secondsOf, spanOf } from "./arguments.ts";
export { tellLine, visibleText } from "./visible-text.ts";
