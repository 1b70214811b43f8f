import { ActionIcon, CopyButton, Button } from "@mantine/core";
import { IconCheck, IconCopy, IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  apiPath,
  base64url,
  Failure,
  formatPlace,
  signalName,
  useLoad,
  useScope,
  useStudio,
  useSubject,
  useWords,
  type Studio,
} from "@doppelwerk/kit/studio";
import { spacedName } from "./card-sections.ts";
import { useShellCard } from "./use-shell-card.ts";
import "./assets.css";

/** The subject elsewhere: this screen as a link, its asset, documents and signals with their connections, and its shell on the AAS API of the branch. */
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
          <PlaceLink title={shell} onOpen={() => studio.address.go({ view: "assets", detail: formatPlace({ mode: "shells", shell }) })}>
            {t("assets.links.asset")}
          </PlaceLink>
          <small>{t("assets.links.assetAbout")}</small>
        </li>
        {links.map((link) => (
          <AddressLine key={link.url} {...link} />
        ))}
      </ul>
      <DocumentLinks shell={shell} />
      <SignalLinks shell={shell} />
    </section>
  );
}

/** Submodels with the manual and other documents of the asset. */
function DocumentLinks({ shell }: { readonly shell: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const documents = useShellCard(shell).value?.submodels.filter(({ idShort }) => /documentation|manual/i.test(idShort)) ?? [];
  return (
    <>
      <h3 className="dw-small-title">{t("assets.links.documents")}</h3>
      {documents.length === 0 ? (
        <p className="dw-quiet">{t("assets.links.noDocuments")}</p>
      ) : (
        <ul className="dw-asset-links">
          {documents.map(({ id, idShort }) => (
            <li key={id}>
              <PlaceLink
                title={id}
                onOpen={() => studio.address.go({ view: "assets", detail: formatPlace({ mode: "shells", shell, submodel: id }) })}
              >
                {spacedName(idShort)}
              </PlaceLink>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Signals of the asset, each with the connection that it comes from and its address there. */
function SignalLinks({ shell }: { readonly shell: string }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const own = studio.signals.entries().filter((signal) => signal.shell === shell);
  const sources = useLoad((call) => sourcesOf(studio, call), []);
  if (sources.kind === "failed" && sources.value === undefined)
    return <Failure message={sources.message} code={sources.code} onRetry={sources.reload} />;
  return (
    <>
      <h3 className="dw-small-title">{t("assets.links.signals", { count: own.length })}</h3>
      <ul className="dw-asset-links">
        {own.map((signal) => {
          const { id } = signal;
          const source = sources.value?.get(id);
          return (
            <li key={id}>
              <span>{signalName(signal, language)}</span>
              {source === undefined ? (
                <small>{sources.kind === "ready" && t("assets.links.derived")}</small>
              ) : (
                <small>
                  <PlaceLink title={source.id} onOpen={() => studio.address.go({ view: "connect", detail: source.id })}>
                    {source.name}
                  </PlaceLink>{" "}
                  <bdi>{source.address}</bdi>
                </small>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

interface Source {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** At most this many signals of a connection are asked for at once. */
const MAX_SIGNALS = 1_000;

/** By signal: its connection, and its address there. */
async function sourcesOf({ client }: Studio, signal: AbortSignal): Promise<ReadonlyMap<string, Source>> {
  const connections = await client.connections({ signal });
  const lists = await Promise.all(
    connections.map(async ({ id, name }) => {
      const { signals } = await client.connectionSignals(id, { limit: MAX_SIGNALS }, { signal });
      return signals.map(({ id: of, address = "" }) => [of, { id, name, address }] as const);
    }),
  );
  return new Map(lists.flat());
}

function PlaceLink({
  title,
  onOpen,
  children,
}: {
  readonly title: string;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <a
      href="#"
      title={title}
      onClick={(event) => {
        event.preventDefault();
        onOpen();
      }}
    >
      {children}
    </a>
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
