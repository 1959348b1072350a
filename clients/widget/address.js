/**
 * What the page's address carries for us: `#entraide=<link>` of an e-mail, or `#entraide-question=<id>`.
 * A link is a key: it leaves the address at once, before anything else on the page may read or keep it.
 * @returns {{link?: string, questionId?: string}}
 */
export function carried() {
  const [, name, value] = /^#(entraide|entraide-question)=([A-Za-z0-9_.~-]{1,2048})$/.exec(location.hash) || [];
  if (!name) return {};
  history.replaceState(history.state, "", location.pathname + location.search);
  return name === "entraide" ? { link: value } : { questionId: value };
}

/**
 * The page, as a helper may see it: its title, and its address without what the organization does not allow.
 * @param {string[]} allowed names of the query's parameters that may be told
 * @returns {{title: string, url: string}|null} null where there is no address to speak of
 */
export function pageNow(allowed) {
  if (!/^https?:$/.test(location.protocol)) return null;
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (allowed.includes(name)) query.append(name, value);
  }
  const asked = query.toString();
  const url = location.origin + location.pathname + (asked ? `?${asked}` : "");
  if (new TextEncoder().encode(url).length > 1600) return null;
  // control characters and breaks have no business in a title
  const title = document.title.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return { title: [...title].slice(0, 200).join(""), url };
}
