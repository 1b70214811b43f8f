import { expect, test } from "vitest";
import { decodeId, encodeId } from "./identifier.ts";

const finding = { severity: "error", constraint: "id" };

test("[A16] an identifier is base64url of its UTF-8 bytes without padding", () => {
  expect(encodeId("https://admin-shell.io/sampleSM")).toBe("aHR0cHM6Ly9hZG1pbi1zaGVsbC5pby9zYW1wbGVTTQ");
  for (const id of ["a", "ab", "abc", "urn:x:#/%2F?", "日本語", "🙂🙂", "\u{10ffff}", "\ufeffx"]) {
    expect(encodeId(id)).toBe(Buffer.from(id, "utf8").toString("base64url"));
    expect(decodeId(encodeId(id))).toBe(id);
  }
});

test("[A16] anything but the one encoding is refused with a finding", () => {
  for (const text of ["", "YQ==", "YQ=", "a", "abcde", "YW+j", "YW/j", "Y Q", "YR", "Yé", "_w", "7aCA"]) {
    expect(decodeId(text), text).toMatchObject(finding);
  }
});
