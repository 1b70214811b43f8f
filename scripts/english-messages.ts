import { renderEnglish } from "../packages/server/src/messages/english.ts";

// Tests read messages as the server and the command line do.
renderEnglish();
