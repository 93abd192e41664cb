import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type DefaultTheme } from 'vitepress';

const docs = new URL('../', import.meta.url);

/** The pages of a folder by their titles, so that a new page needs no entry here. `index.md` comes first. */
function pages(folder: string): DefaultTheme.SidebarItem[] {
  const files = readdirSync(new URL(`${folder}/`, docs)).filter((file) => file.endsWith('.md'));
  return files
    .sort((a, b) => Number(b === 'index.md') - Number(a === 'index.md') || (a < b ? -1 : 1))
    .map((file) => {
      const title = /^# (.+)$/m.exec(readFileSync(new URL(`${folder}/${file}`, docs), 'utf8'))?.[1];
      return { text: title ?? file, link: `/${folder}/${file.replace(/(index)?\.md$/, '')}` };
    });
}

/** Written by typedoc just before; without it (`vitepress dev` in a fresh clone) the site has no API part. */
function api(): DefaultTheme.SidebarItem[] {
  try {
    return JSON.parse(readFileSync(new URL('api/typedoc-sidebar.json', docs), 'utf8'));
  } catch {
    return [];
  }
}

export default defineConfig({
  title: 'rnnlab',
  description: 'Recurrent neural networks written by hand in TypeScript.',
  srcExclude: ['**/README.md', 'snippets/**'],
  cleanUrls: true,
  lastUpdated: false,
  ignoreDeadLinks: false,
  markdown: { math: true },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/guide/getting-started', activeMatch: '^/guide/' },
      { text: 'Mathematics', link: '/math/', activeMatch: '^/math/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Testing', link: '/testing' },
      { text: 'Baselines', link: '/baselines' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Decisions', link: '/decisions/', activeMatch: '^/decisions/' },
    ],
    sidebar: {
      '/guide/': [{ text: 'Guide', items: pages('guide') }],
      '/math/': [{ text: 'Mathematics', items: pages('math') }],
      '/decisions/': [{ text: 'Decisions', items: pages('decisions') }],
      '/api/': [{ text: 'API', items: api() }],
    },
    outline: { level: [2, 3] },
    socialLinks: [{ icon: 'github', link: 'https://github.com/rnnlab/rnnlab' }],
  },
});
