import { CopyButton, Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { apiPath, base64url, useScope, useStudio, useSubject, useWords } from "@doppelwerk/kit/studio";

/** The subject elsewhere: this exact screen as a link, and its shell on the AAS API of the branch. */
export default function LinksTab(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const subject = useSubject();
  if (subject === undefined) return null;
  const shell = `${apiPath(branch, studio.address.store.get().world)}/shells/${base64url(subject.station.shell)}`;
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
