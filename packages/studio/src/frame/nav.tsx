import { Menu, UnstyledButton } from "@mantine/core";
import { IconDots, IconHelp } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { ComponentType, LazyExoticComponent, ReactNode } from "react";
import { Hint, shell, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { PageData } from "@doppelwerk/ui";
import { HELP } from "./actions.ts";
import { icons } from "./icons.tsx";

const badges = new WeakMap<object, LazyExoticComponent<ComponentType>>();

/** One component a page, however often it is drawn. */
function badgeOf({ badge }: PageData): LazyExoticComponent<ComponentType> | undefined {
  if (badge === undefined) return undefined;
  if (!badges.has(badge)) badges.set(badge, lazy(badge));
  return badges.get(badge);
}

type NamedPage = PageData & { readonly name: string };

export function Nav(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { view } = useStore(studio.address.store);
  const pages: readonly NamedPage[] = studio.views.of(shell.page).map(({ data }) => ({ ...data, name: data.path.slice(1) }));
  const entries = (atFoot: boolean): readonly ReactNode[] =>
    pages
      .filter((page) => (page.atFoot ?? false) === atFoot)
      .map((page) => <Entry key={page.name} page={page} isOn={view === page.name} />);
  return (
    <nav className="dw-nav" aria-label={t("frame.views")}>
      <div className="dw-mark" aria-hidden>
        <svg viewBox="0 0 24 24" width="26" height="26" fill="none" strokeWidth="2.6">
          <path d="M4 4.5h5a7.5 7.5 0 0 1 0 15H4z" stroke="currentColor" />
          <path d="M13.5 4.5a7.5 7.5 0 0 1 0 15" stroke="var(--dw-violet)" strokeLinecap="round" />
        </svg>
      </div>
      <div className="dw-nav-pages">{entries(false)}</div>
      {entries(true)}
      <MoreMenu pages={pages} view={view} go={studio.openPage} />
    </nav>
  );
}

function Entry({ page, isOn }: { readonly page: NamedPage; readonly isOn: boolean }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const Icon = icons[page.icon];
  const Badge = badgeOf(page);
  return (
    <Hint
      label={t(page.title)}
      keys={page.key === undefined ? undefined : `G ${page.key}`}
      about={page.about !== undefined && <span className="dw-nav-about">{t(page.about)}</span>}
      position="right"
      openDelay={300}
    >
      <UnstyledButton
        className={`dw-nav-item ${isOn ? "is-on" : ""} ${page.onPhone === true ? "" : "dw-wide"}`}
        aria-current={isOn ? "page" : undefined}
        onClick={() => studio.openPage(page.name)}
      >
        <Icon size={20} stroke={1.6} />
        <small>{t(page.title)}</small>
        {Badge !== undefined && (
          <Suspense fallback={null}>
            <Badge />
          </Suspense>
        )}
      </UnstyledButton>
    </Hint>
  );
}

/** What has no room in the bar of a phone. */
function MoreMenu({
  pages,
  view,
  go,
}: {
  readonly pages: readonly NamedPage[];
  readonly view: string | undefined;
  readonly go: (name: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return (
    <Menu position="top-end">
      <Menu.Target>
        <UnstyledButton
          className={`dw-nav-item dw-narrow ${pages.some(({ name, onPhone }) => name === view && onPhone === true) ? "" : "is-on"}`}
          aria-label={t("frame.more")}
        >
          <IconDots size={20} />
          <small>{t("frame.more")}</small>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {pages
          .filter(({ onPhone }) => onPhone !== true)
          .map(({ name, title, icon }) => {
            const Icon = icons[icon];
            return (
              <Menu.Item key={name} leftSection={<Icon size={16} />} onClick={() => go(name)}>
                {t(title)}
              </Menu.Item>
            );
          })}
        <Menu.Divider />
        <Menu.Item leftSection={<IconHelp size={16} />} onClick={() => studio.dialog.set(HELP)}>
          {t("frame.help")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
