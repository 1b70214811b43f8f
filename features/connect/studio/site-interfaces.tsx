import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { BY_OPTION, INTERFACES } from "./interfaces.ts";
import "./plant-look.css";

/** Where other systems read from, which is the other way round from connections. */
export function SiteInterfaces(): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("connect.interfaces.title")}>
      <p className="dw-quiet">{t("connect.interfaces.text")}</p>
      <ul className="dw-interfaces" aria-label={t("connect.interfaces.title")}>
        {INTERFACES.map(({ name, path, guide, ...more }) => (
          <li key={name} className="dw-interface">
            <b>{t(`connect.interfaces.${name}`)}</b>
            {"open" in more ? (
              <a href={more.open} target="_blank" rel="noreferrer">
                <code>{path}</code>
              </a>
            ) : (
              <code>{path}</code>
            )}
            <Guide name={guide} />
          </li>
        ))}
        {BY_OPTION.map(({ name, option, guide }) => (
          <li key={name} className="dw-interface">
            <b>{t(`connect.interfaces.${name}`)}</b>
            <code>{option}</code>
            <Guide name={guide} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Guide({ name }: { readonly name: string }): ReactNode {
  const { t } = useWords();
  return (
    <a className="dw-interface-guide" href={`/guide/${name}`} target="_blank" rel="noreferrer">
      {t("connect.interfaces.guide")}
      <IconExternalLink size={14} aria-hidden />
    </a>
  );
}
