// What every page has around its content: the way to the content, the demo's banner, the honest footer.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { config } from "../net/config.ts";
import { useStore } from "../store.ts";
import { LANGUAGES, language, speak, t, useWords } from "../words.ts";

interface FrameProps {
  children: ComponentChildren;
  /** Emergency numbers, the way out: always one tap away. */
  bar?: ComponentChildren;
  /** Beside the name, at the top. */
  top?: ComponentChildren;
  wide?: boolean;
}

export function Frame({ children, bar, top, wide = false }: FrameProps) {
  useWords();
  const { demo } = useStore(config);
  return (
    <>
      <a class="skip" href="#content">
        {t("frame.skip")}
      </a>
      <header class={wide ? "top wide" : "top"}>
        <p class="name">{t("frame.name")}</p>
        {top}
      </header>
      {demo && (
        <aside class="demo" aria-label={t("frame.demo_label")} data-testid="demo">
          {t("frame.demo", { city: demo.name })}
        </aside>
      )}
      <main id="content" class={wide ? "wide" : ""} tabIndex={-1}>
        {children}
      </main>
      <footer class={wide ? "foot wide" : "foot"}>
        <p>{t("frame.construction")}</p>
        <p>
          {LANGUAGES.filter((one) => one !== language()).map((one) => (
            <button key={one} type="button" class="link" lang={one} onClick={() => void speak(one)}>
              {t(`frame.language.${one}`)}
            </button>
          ))}
        </p>
      </footer>
      {bar}
    </>
  );
}

interface TitleProps {
  children: ComponentChildren;
  /** Not on the first screen of a page: the browser has just announced it. */
  quiet?: boolean;
}

/** A screen's heading: it takes the focus, so that a screen reader says what has changed. */
export function Title({ children, quiet = false }: TitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (quiet) return;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [quiet]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
