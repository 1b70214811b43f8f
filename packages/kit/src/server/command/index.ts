// What subcommands share: options and arguments, and texts of unknown origin as a terminal may show them.

export { countOf, jsonOption, offsetOf, secondsOf, spanOf } from "./arguments.ts";
export {
  DEFAULT_PORT,
  personOption,
  reach,
  remoteClient,
  printAnswer,
  secondsToListen,
  serverOption,
  worldOfServer,
  type RemoteOptions,
} from "./remote-client.ts";
export { jsonOr, settingsFrom } from "./settings-from.ts";
export { printNotice, visibleText } from "./visible-text.ts";
