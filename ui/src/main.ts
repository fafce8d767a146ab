import { mount } from 'svelte';

import App from './App.svelte';
import sprite from './icons.svg?raw';
import './styles/index.css';

const icons = document.createElement('div');
icons.hidden = true;
icons.setAttribute('aria-hidden', 'true');
icons.innerHTML = sprite;
document.body.prepend(icons);

const root = document.getElementById('root');
if (root) mount(App, { target: root });
