import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { shell, useStore, useStudio, useWords } from "@doppelwerk/ui";

/** What the page that is shown is for, in one line, and the guides: its own, all of them, the errors by their codes. */
export function AboutPage(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { view } = useStore(studio.address.store);
  const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${view}`)?.data;
  return (
    <section className="dw-about">
      {page?.about !== undefined && (
        <>
          <h3>{t(page.title)}</h3>
          <p>{t(page.about)}</p>
        </>
      )}
      <nav className="dw-about-links" aria-label={t("frame.guides")}>
        {page?.guide !== undefined && <GuideLink name={page.guide} text={t("frame.guideOf", { name: t(page.title) })} />}
        <GuideLink name="errors" text={t("frame.guideErrors")} />
        <GuideLink text={t("frame.guides")} />
      </nav>
    </section>
  );
}

function GuideLink({ name, text }: { readonly name?: string; readonly text: string }): ReactNode {
  return (
    <a href={name === undefined ? "/guide" : `/guide/${name}`} target="_blank" rel="noreferrer">
      {text}
      <IconExternalLink size={14} aria-hidden />
    </a>
  );
}
