import { ActionIcon, CopyButton, Button } from "@mantine/core";
import { IconCheck, IconCopy, IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { apiPath, base64url, formatPlace, useScope, useStudio, useSubject, useWords } from "@doppelwerk/kit/studio";
import "./assets.css";

/** The subject elsewhere: this exact screen as a link, its asset here, and its shell on the AAS API of the branch. */
export default function LinksTab(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const subject = useSubject();
  if (subject === undefined) return null;
  const { shell } = subject.station;
  const api = `${apiPath(branch, studio.address.store.get().world)}/shells/${base64url(shell)}`;
  const links = [
    { name: t("assets.links.api"), about: t("assets.links.apiAbout"), url: api },
    { name: t("assets.links.submodels"), about: t("assets.links.submodelsAbout"), url: `${api}/submodel-refs` },
    { name: t("assets.links.information"), about: t("assets.links.informationAbout"), url: `${api}/asset-information` },
  ];
  return (
    <section className="dw-block dw-links">
      <CopyButton value={location.href}>
        {({ copied, copy }) => (
          <Button variant="default" size="sm" onClick={copy}>
            {copied ? t("assets.inspector.copied") : t("assets.inspector.copyLink")}
          </Button>
        )}
      </CopyButton>
      <ul className="dw-asset-links">
        <li>
          <a
            href="#asset"
            title={shell}
            onClick={(event) => {
              event.preventDefault();
              studio.address.go({ view: "assets", detail: formatPlace({ mode: "shells", shell }) });
            }}
          >
            {t("assets.links.asset")}
          </a>
          <small>{t("assets.links.assetAbout")}</small>
        </li>
        {links.map((link) => (
          <AddressLine key={link.url} {...link} />
        ))}
      </ul>
    </section>
  );
}

function AddressLine({ name, about, url }: { readonly name: string; readonly about: string; readonly url: string }): ReactNode {
  const { t } = useWords();
  return (
    <li>
      <a href={url} title={url} target="_blank" rel="noreferrer">
        {name} <IconExternalLink size={14} aria-hidden />
      </a>
      <small>{about}</small>
      <CopyButton value={new URL(url, location.href).href}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" aria-label={t("assets.links.copy", { name })} onClick={copy}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        )}
      </CopyButton>
    </li>
  );
}
