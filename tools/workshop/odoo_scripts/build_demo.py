"""Fill the demo company."""

from tools.demo.build import build

build(env)
