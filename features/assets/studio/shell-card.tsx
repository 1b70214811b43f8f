import type { MouseEvent, ReactNode } from "react";
import { ifThere } from "./explorer/aas-access.ts";
import {
  Failure,
  base64url,
  datedText,
  elementLabel,
  formatPlace,
  inLanguage,
  unitText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import "./assets.css";

/** One shell as people read it: nameplate, properties with planned values beside as-is, its submodels. */
export function ShellCardView({ shell }: { readonly shell: string }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const { at, speed } = useStore(studio.address.store);
  // While it plays the card is read again every second of the past, not every frame.
  const instant = at === undefined || speed === undefined ? at : Math.floor(at / 1_000_000) * 1_000_000;
  const commits = useStore(studio.commits);
  const card = useLoad(
    async (signal) => {
      const of = (when?: number) =>
        studio.client.shellCard(base64url(shell), { branch, ...(when !== undefined && { at: when }) }, { signal });
      const then = instant === undefined ? undefined : await ifThere(of(instant));
      return { ...(then ?? (await of())), isOfNow: instant === undefined || then === undefined };
    },
    [shell, branch],
    undefined,
    `${instant} ${commits}`,
  );
  const link = (place: Omit<ExplorerPlace, "mode">) => {
    const detail = formatPlace({ mode: "shells", ...place });
    return {
      href: `/assets/${detail}`,
      onClick: (event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        studio.address.go({ view: "assets", detail });
      },
    };
  };
  if (card.kind === "failed") return <Failure message={card.message} onRetry={card.reload} />;
  if (card.value === undefined) return null;
  const { installed } = card.value;
  return (
    <>
      {card.value.isOfNow && instant !== undefined && <p className="dw-note">{t("assets.ofNow")}</p>}
      {(card.value.nameplate.length > 0 || installed !== undefined) && (
        <section className="dw-block">
          <header>
            <h3>{t("assets.nameplate")}</h3>
          </header>
          {installed !== undefined && (
            <p className="dw-stands-here">
              <a title={installed.aasId} {...link({ shell: installed.aasId })}>
                {inLanguage(installed.name, language)}
              </a>
              <small>{t("assets.standsHere", { moment: datedText(installed.from, studio.now(), zone, language) })}</small>
            </p>
          )}
          <dl className="dw-facts">
            {card.value.nameplate.map((line) => (
              <FactLine
                key={line.label.en}
                label={elementLabel(line.label, language)}
                value={inLanguage(line.text, language) || line.value}
              />
            ))}
          </dl>
        </section>
      )}
      {card.value.properties.length > 0 && (
        <section className="dw-block">
          <header>
            <h3>{t("assets.properties")}</h3>
            <span>{t("assets.asIs")}</span>
          </header>
          <dl className="dw-facts">
            {card.value.properties.map((property) => (
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
      )}
      <section className="dw-block">
        <header>
          <h3>{t("assets.submodels")}</h3>
          <span>AAS</span>
        </header>
        <ul className="dw-submodels">
          {card.value.submodels.map((submodel) => (
            <li key={submodel.id}>
              <a title={submodel.id} {...link({ shell, submodel: submodel.id })}>
                {submodel.idShort}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
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
