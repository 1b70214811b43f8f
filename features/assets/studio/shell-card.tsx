import type { MouseEvent, ReactNode } from "react";
import { Failure, datedText, elementLabel, formatPlace, inLanguage, unitText, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { useShellCard, type ShellCard } from "./use-shell-card.ts";
import "./assets.css";

/** One shell as people read it: nameplate, properties with planned values beside as-is, its submodels. */
export function ShellCardView({ shell }: { readonly shell: string }): ReactNode {
  const { t } = useWords();
  const card = useShellCard(shell);
  if (card.kind === "failed") return <Failure message={card.message} onRetry={card.reload} />;
  if (card.value === undefined) return null;
  const { nameplate, installed, properties, submodels, isOfNow } = card.value;
  return (
    <>
      {isOfNow && card.instant !== undefined && <p className="dw-note">{t("assets.ofNow")}</p>}
      {(nameplate.length > 0 || installed !== undefined) && <Nameplate lines={nameplate} installed={installed} />}
      {properties.length > 0 && <Properties properties={properties} />}
      <section className="dw-block">
        <header>
          <h3>{t("assets.submodels")}</h3>
          <span>AAS</span>
        </header>
        <ul className="dw-submodels">
          {submodels.map(({ id, idShort }) => (
            <li key={id}>
              <ShellLink title={id} place={{ shell, submodel: id }}>
                {idShort}
              </ShellLink>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Nameplate({
  lines,
  installed,
}: {
  readonly lines: ShellCard["nameplate"];
  readonly installed: ShellCard["installed"];
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.nameplate")}</h3>
      </header>
      {installed !== undefined && (
        <p className="dw-stands-here">
          <ShellLink title={installed.aasId} place={{ shell: installed.aasId }}>
            {inLanguage(installed.name, language)}
          </ShellLink>
          <small>{t("assets.standsHere", { moment: datedText(installed.from, studio.now(), zone, language) })}</small>
        </p>
      )}
      <dl className="dw-facts">
        {lines.map((line) => (
          <FactLine key={line.label.en} label={elementLabel(line.label, language)} value={inLanguage(line.text, language) || line.value} />
        ))}
      </dl>
    </section>
  );
}

function Properties({ properties }: { readonly properties: ShellCard["properties"] }): ReactNode {
  const { t, language } = useWords();
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.properties")}</h3>
        <span>{t("assets.asIs")}</span>
      </header>
      <dl className="dw-facts">
        {properties.map((property) => (
          <FactLine
            key={property.path}
            label={elementLabel(property.label, language)}
            title={property.path}
            value={`${inLanguage(property.text, language) || property.value}${property.unit === "" ? "" : `\u202f${unitText(property.unit)}`}`}
            {...(property.planned === undefined
              ? {}
              : {
                  planned: t("assets.planned", {
                    value: property.planned.value,
                    date: property.planned.effectiveFrom,
                    owner: property.planned.owner,
                  }),
                })}
          />
        ))}
      </dl>
    </section>
  );
}

/** A link into the explorer; in another tab where the reader asks for one. */
function ShellLink({
  title,
  place,
  children,
}: {
  readonly title: string;
  readonly place: Omit<ExplorerPlace, "mode">;
  readonly children: ReactNode;
}): ReactNode {
  const studio = useStudio();
  const detail = formatPlace({ mode: "shells", ...place });
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    studio.address.go({ view: "assets", detail });
  };
  return (
    <a title={title} href={`/assets/${detail}`} onClick={go}>
      {children}
    </a>
  );
}

function FactLine({
  label,
  value,
  title,
  planned,
}: {
  readonly label: string;
  readonly value: string;
  readonly title?: string;
  readonly planned?: string;
}): ReactNode {
  return (
    <>
      <dt title={title}>{label}</dt>
      <dd>
        {value}
        {planned !== undefined && <small className="dw-planned">{planned}</small>}
      </dd>
    </>
  );
}
