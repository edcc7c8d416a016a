"""What axe finds wrong with a page, and what makes it too wide for a telephone."""

from __future__ import annotations

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], "resultTypes": ["violations"]}
# Where the browser finds axe: among our own files, which the policy lets it run, and keeps it from page to page.
PLACE = "/axe.js"
SERVED = {PLACE: str(AXE_FILE_PATH)}
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# Whether words stand out from their ground hangs on their colour, size and weight, on what is painted behind them and what is laid over
# them, and on nothing else: a look. Most of axe's time goes into it, so it is asked of one of each look that is not known yet, which is
# marked. Answers with those looks.
_MARK_NEW_LOOKS = """known => {
    const grounds = new Map([[null, '']])
    const ground = element => {
        if (!grounds.has(element)) {
            const style = getComputedStyle(element)
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.clipPath,
                         style.mixBlendMode].join()
            grounds.set(element, ground(element.parentElement) + (own === 'rgba(0, 0, 0, 0),none,1,none,none,normal' ? '' : `|${own}`))
        }
        return grounds.get(element)
    }
    const looks = new Set(known)
    for (const element of document.body.querySelectorAll('*')) {
        const field = element.matches('input, select, textarea, button')
        const words = field || [...element.childNodes].some(one => one.nodeType === Node.TEXT_NODE && one.data.trim())
        const box = element.getBoundingClientRect()
        if (!words || box.width < 2 || box.height < 2) continue
        const style = getComputedStyle(element), off = (element.closest('label')?.control || element).disabled
        const look = [field ? element.tagName : '', off ? 'off' : '', style.visibility, style.color, style.fontSize, style.fontWeight,
                      style.textShadow, ground(element)].join()
        if (looks.has(look)) continue
        looks.add(look)
        element.setAttribute('data-new-look', '')
    }
    axe.configure({rules: [{id: 'color-contrast', selector: '[data-new-look]'}]})
    return [...looks]
}"""


# All in one go: whatever is asked of a page by itself, the browser paints it anew.
_LOOK = f"""async ([known, options]) => {{
    await new Promise((done, failed) => document.head.append(
        Object.assign(document.createElement('script'), {{src: '{PLACE}', onload: done, onerror: failed}})))
    // Nobody hears the strokes of a picture one by one: it has a name and a description, which are looked at.
    for (const picture of document.querySelectorAll('svg[role=img]'))
        picture.replaceChildren(...picture.querySelectorAll(':scope > title, :scope > desc'))
    const looks = known && ({_MARK_NEW_LOOKS})(known)
    const {{violations}} = await axe.run(document, options)
    return [violations.map(fault => `${{fault.id}}: ${{fault.help}}: ${{fault.nodes[0].html.slice(0, 120)}}`), looks]
}}"""


def faults_of(page: Page, known: set[str] | None = None) -> list[str]:
    """What axe finds wrong. Contrasts are looked at where words have a look that is not KNOWN, and then is; without it, at all words."""
    found, looks = page.evaluate(_LOOK, [None if known is None else sorted(known), WCAG])
    if known is not None:
        known.update(looks)
    return list(found)


def beyond_the_edge(page: Page) -> list[str]:
    """What makes the page wider than the window, so that the whole of it has to be pushed sideways to read a line."""
    page.set_viewport_size(NARROW)
    if page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]:
        return []
    wide: list[str] = page.evaluate("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 321)"
                                    ".map(e => e.outerHTML.slice(0, 100))")
    return wide or ["something outside the main part"]
