import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "../error.ts";

/** DW_INVALID: the event that a page begins after has expired since. */
export function cursorGone(): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message("world.eventPageBeginAfterExpired"));
}
