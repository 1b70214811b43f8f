import { useEffect, useRef } from "react";
import type { TerminalPicture } from "../contract.ts";
import { readScan } from "../model/scanned.ts";
import { WedgeReader } from "../model/wedge-reader.ts";

export interface ScanActs {
  badge(number: string): void;
  serial(serial: string): void;
}

/**
 * Scanners that type like a keyboard, wherever the focus is. A code that says what it is is taken for that; a plain one is a badge while nobody is signed on,
 * and then the serial of a part.
 */
export function useScans(picture: TerminalPicture | undefined, isSignedOn: boolean, acts: ScanActs): void {
  const now = useRef({ picture, isSignedOn, acts });
  now.current = { picture, isSignedOn, acts };
  useEffect(() => {
    const reader = new WedgeReader();
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return;
      const text = reader.key(event.key, event.timeStamp);
      if (text === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const { acts: act, isSignedOn: isOn, picture: shown } = now.current;
      const scanned = readScan(
        text,
        (shown?.orders ?? []).map(({ id }) => id),
      );
      if (scanned.kind === "serial") act.serial(scanned.serial);
      else if (scanned.kind === "plain") (isOn ? act.serial : act.badge)(scanned.text);
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);
}

/** What is typed into a field is the field's. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
