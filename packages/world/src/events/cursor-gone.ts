import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "../error.ts";

export function cursorGone(): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message("world.eventPageBeginAfterExpired"));
}
