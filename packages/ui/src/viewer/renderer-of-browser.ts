import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { WebGLRenderer } from "three";

/** Errors: DW_UNAVAILABLE where the browser has no WebGL 2. */
export function rendererOfBrowser(): WebGLRenderer {
  try {
    const renderer = new WebGLRenderer({ antialias: true, powerPreference: "high-performance" });
    // asking whether a program compiled waits until it has; browsers report one that did not
    renderer.debug.checkShaderErrors = false;
    return renderer;
  } catch {
    // the library names no cause
    throw new DoppelwerkError("DW_UNAVAILABLE", message("viewer.noWebgl"));
  }
}
