import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { auditPage, shell, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { Address, Studio } from "@doppelwerk/ui";
import { partOfPage, type ShownPart } from "./part-of-page.ts";

/** What is shown is for, in one line, and the guides: its own, all of them, the errors by their codes. */
export function AboutPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { title, about, guide } = explained(studio, useStore(studio.address.store));
  return (
    <section className="dw-about">
      {title !== undefined && <h3>{t(title)}</h3>}
      {about !== undefined && <p>{t(about)}</p>}
      <nav className="dw-about-links" aria-label={t("frame.guides")}>
        {guide !== undefined && title !== undefined && <GuideLink name={guide} text={t("frame.guideOf", { name: t(title) })} />}
        <GuideLink name="errors" text={t("frame.guideErrors")} />
        <GuideLink text={t("frame.guides")} />
      </nav>
    </section>
  );
}

/** What stands in the place of the page, the part of the page that the address names, or the page. */
function explained(studio: Studio, { view, detail, audit }: Address): ShownPart {
  if (audit !== undefined) return studio.views.of(auditPage)[0]?.data ?? {};
  const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${view}`)?.data;
  return { ...page, ...partOfPage(studio, page, detail) };
}

function GuideLink({ name, text }: { readonly name?: string; readonly text: string }): ReactNode {
  return (
    <a href={name === undefined ? "/guide" : `/guide/${name}`} target="_blank" rel="noreferrer">
      {text}
      <IconExternalLink size={14} aria-hidden />
    </a>
  );
}
