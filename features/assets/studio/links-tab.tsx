import { CopyButton, Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { base64url, useScope, useStudio, useSubject, useWords } from "@doppelwerk/kit/studio";

/** The subject elsewhere: this exact screen as a link, and its shell on the AAS API of the branch. */
export default function LinksTab(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const subject = useSubject();
  if (subject === undefined) return null;
  const base =
    branch === LIVE ? "/api/v3" : `/worlds/${studio.world.get()?.world ?? "default"}/branches/${encodeURIComponent(branch)}/api/v3`;
  const shell = `${base}/shells/${base64url(subject.station.shell)}`;
  return (
    <section className="dw-block dw-links">
      <CopyButton value={location.href}>
        {({ copied, copy }) => (
          <Button variant="default" size="sm" onClick={copy}>
            {copied ? t("assets.inspector.copied") : t("assets.inspector.copyLink")}
          </Button>
        )}
      </CopyButton>
      {[shell, `${shell}/submodel-refs`, `${shell}/asset-information`].map((url) => (
        <a key={url} href={url} target="_blank" rel="noreferrer">
          <IconExternalLink size={14} /> {url}
        </a>
      ))}
    </section>
  );
}
