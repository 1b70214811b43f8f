import { expect, test } from "vitest";
import { isReadable, readable } from "./readable-name.ts";

test("[SV357] what is not seen in a name, or turns its order, is found and can be taken away; names of every script stay", () => {
  const tricks = [
    "Mara\u200bStein",
    "\u202egnp.exe",
    "Ma\u200dra",
    "Mara\ufeff",
    "\u2066Otto\u2069",
    "Ot\u00adto",
    "Otto\u3164",
    "O\u034ftto",
  ];
  const more = ["Otto\u0000", "Otto\ud800", "Otto\u{e0041}", "Otto\ue000", "Otto\u2028", "O\u2800tto", "\u061cOtto"];
  for (const name of [...tricks, ...more]) {
    expect(isReadable(name), JSON.stringify(name)).toBe(false);
    expect(isReadable(readable(name)), JSON.stringify(name)).toBe(true);
    expect(readable(name)).not.toBe(name);
  }
  const names = [
    "Mara Stein",
    "张伟",
    "Zoë Ångström",
    "مریم\u200cپور",
    "נועה",
    "क्\u200dष",
    "山田 太郎",
    "Đặng Thị",
    "👩‍🔧 Ada",
    "O’Brien-Smith",
  ];
  for (const name of names) {
    expect(isReadable(name), name).toBe(true);
    expect(readable(name)).toBe(name);
  }
});
