import type { Studio } from "@doppelwerk/ui";

/**
 * Copies the link to what is on the screen at the instant shown, live too: who opens it sees what was seen here, not what is now then.
 * Resolves with the link, and whether the clipboard took it: browsers give that only to pages they hold for safe.
 */
export async function copyLink(studio: Studio): Promise<{ readonly link: string; readonly copied: boolean }> {
  const { address, time } = studio;
  const link = address.link({ at: Math.floor(time.instant() / 1000) * 1000 });
  try {
    await navigator.clipboard.writeText(link);
    return { link, copied: true };
  } catch {
    return { link, copied: copyByHand(link) };
  }
}

/** The old way, which pages without TLS still have. */
function copyByHand(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
  }
}
